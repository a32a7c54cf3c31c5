(ns eckermann.check.evidence
  "Whether the faults that were planned happened. One that did not prove itself makes the run unknown, and so does a run of which
  none came about; one whose node did not come back, or ended as none should, makes it invalid."
  (:require [clojure.string :as str]))

(defn faults
  "The faults of a history in order, each with the times of its phases and its evidence."
  [history]
  (->> history
       (filter #(and (= :nemesis (:process %)) (map? (:value %)) (:phase (:value %))))
       (reduce (fn [m {:keys [f time value]}]
                 (update m (:number value)
                         (fn [fault]
                           (merge (or fault {:number (:number value) :name (name f) :id (:id value)})
                                  (case (:phase value)
                                    :begin (cond-> {:begin time} (:with value) (assoc :with (:with value)))
                                    :struck {:struck time :targets (:targets value)}
                                    :healed {:healed time}
                                    :recovered {:recovered time :proven (:proven value) :evidence (:evidence value)}
                                    :restarted-by-hand {:by-hand (merge (:by-hand fault) (:exits value))}
                                    {})))))
               (sorted-map))
       vals vec))

(def ^:private as-they-should
  "How nodes end by themselves that a supervisor starts again: 70, a fault that they can't go on with; 1, what they have can't be
  started with; 0, they were told to stop."
  #{70 1 0})

(defn check
  "Of the faults that there were, and of those that were planned; what was planned and skipped is named elsewhere."
  [faults planned]
  (let [unproven (remove :proven faults)
        not-back (filter #(false? (get-in % [:evidence :all-ready-again])) faults)
        silent (filter #(get-in % [:evidence :nothing-acknowledged-since]) faults)
        by-hand (filter :by-hand faults)
        planned (mapcat #(str/split % #"\+") planned)
        crashed (for [f by-hand [node code] (:by-hand f) :when (not (as-they-should code))]
                  {:fault (:number f) :name (:name f) :node node :exit-code code})]
    {:valid? (cond (or (seq not-back) (seq silent) (seq crashed)) false
                   (or (seq unproven) (and (seq planned) (empty? faults))) :unknown
                   :else true)
     :planned (max (count planned) (count faults)) :skipped (max 0 (- (count planned) (count faults))) :proven (- (count faults) (count unproven))
     :kinds (count (distinct (map :id (filter :proven faults))))
     :unproven (mapv :name unproven)
     :not-ready-again (mapv :name not-back)
     :nothing-acknowledged-since (mapv :name silent)
     :restarted-by-hand (mapv (juxt :name :by-hand) by-hand)
     :crashed (vec crashed)}))

(defn- may-come-back
  "What a node may find after the power went at a moment of a write: before the rename what was there, once it was durable what
  was written, in between either; never a third."
  [{:keys [moment kept writing]}]
  (case moment
    (:in-write :before-fsync :after-fsync :before-rename) #{kept}
    :after-rename #{kept writing}
    (:durable :acknowledged) #{writing}))

(defn meta-cuts
  "Term and vote, as they were written and as they were found after the power came back: by nodes among the faults, and by what
  Ratis keeps on disks of their own, whose power went at chosen moments."
  [faults targeted]
  (let [cuts (filter #(and (= "N7" (:id %)) (:proven %)) faults)
        proven (filter :proven targeted)
        regressed (concat (map :evidence (filter #(get-in % [:evidence :regressed]) cuts))
                          (remove #((may-come-back %) (:found %)) targeted))]
    {:valid? (cond (seq regressed) false
                   (< (count proven) (count targeted)) :unknown
                   :else true)
     :cuts (+ (count cuts) (count proven))
     :targeted (count proven)
     :by-moment (into (sorted-map) (frequencies (map :moment proven)))
     :by-filesystem (into (sorted-map) (frequencies (map :filesystem proven)))
     :unproven (vec (take 8 (remove :proven targeted)))
     :regressed (vec (take 8 regressed))}))

(defn fail-stop
  "A node whose fsync failed stops; it does not try again."
  [faults]
  (let [failed (filter #(and (= "N9" (:id %)) (:proven %)) faults)
        alive (for [f failed [k v] (:evidence f) :when (and (re-find #"-stopped$" (name k)) (false? v))]
                {:fault (:number f) :node (name k)})]
    {:valid? (empty? alive) :failures (count failed) :went-on (vec alive)}))

(defn terms
  "The terms that each node said it had never fall. A node that is starting does not know its own yet, and says 0."
  [history]
  (let [[_ fell]
        (reduce (fn [[seen fell] {:keys [time value]}]
                  (reduce (fn [[seen fell] [node {:keys [term]}]]
                            (if (and term (pos-int? term))
                              [(update seen node (fnil max 0) term)
                               (if (< term (get seen node 0)) (conj fell {:node node :from (seen node) :to term :time time}) fell)]
                              [seen fell]))
                          [seen fell] value))
                [{} []]
                (filter #(and (= :nemesis (:process %)) (= :observe (:f %))) history))]
    {:valid? (empty? fell) :fell (vec (take 8 fell))}))
