(ns eckermann.check.linear
  "Just-in-time linearization, after G. Lowe, Testing for linearizability (2016), section 4: a set of configurations, each a
  model with the calls that are under way and those of them that have taken effect already. A call is made to take effect as
  late as possible: when some call returns that must have done so."
  (:require [eckermann.check.models :as m]))

(defn events
  "The calls as beginnings and returns in order. Failed calls never were; unknown ones begin and never return."
  [calls]
  (->> calls
       (remove #(= :fail (:type %)))
       (map-indexed (fn [id call] (assoc call :id id)))
       (mapcat (fn [call]
                 (cond-> [{:at (:start call) :kind :call :call call}]
                   (= :ok (:type call)) (conj {:at (:end call) :kind :return :call call}))))
       (sort-by :at)
       vec))

(defn op
  "What the model sees of a call: of a read, what it found."
  [{:keys [f value result type]}]
  {:f f :value (if (and (= :ok type) (some? result)) result value)})

;; A configuration: the model, the calls pending that have not taken effect, and those that have.
(defn- expand
  "Every configuration that comes from these by letting pending calls take effect, one after the other."
  [configs calls limit]
  (loop [todo (seq configs) seen (set configs)]
    (cond
      (nil? todo) seen
      (> (count seen) limit) ::too-many
      :else
      (let [[model pending done] (first todo)
            next (into [] (comp (map (fn [id]
                                       (let [model' (m/step model (op (calls id)))]
                                         (when-not (m/inconsistent? model')
                                           [model' (disj pending id) (conj done id)]))))
                                (remove nil?)
                                (remove seen))
                       pending)]
        (recur (seq (into (rest todo) next)) (into seen next))))))

(defn check
  "Judges calls against a model. :valid? is true, false or :unknown (stopped, or too many configurations)."
  ([model calls] (check model calls {}))
  ([model calls {:keys [limit stopped?] :or {limit 200000 stopped? (constantly false)}}]
   (let [events (events calls)
         by-id (into {} (map (fn [{:keys [call]}] [(:id call) call])) events)]
     (loop [i 0 configs #{[model #{} #{}]} last-ok nil]
       (cond
         (= i (count events)) {:valid? true :analyzer :linear}
         (stopped?) {:valid? :unknown :analyzer :linear :cause :stopped}
         :else
         (let [{:keys [kind call]} (events i) id (:id call)]
           (if (= :call kind)
             (recur (inc i) (into #{} (map (fn [[model pending done]] [model (conj pending id) done])) configs) last-ok)
             (let [all (expand configs by-id limit)]
               (if (= ::too-many all)
                 {:valid? :unknown :analyzer :linear :cause :too-many-configurations}
                 (let [kept (into #{} (comp (filter (fn [[_ _ done]] (done id)))
                                            (map (fn [[model pending done]] [model pending (disj done id)])))
                                  all)]
                   (if (empty? kept)
                     {:valid? false :analyzer :linear :op (op call) :call call :previous-ok last-ok
                      :configs (vec (take 10 (map (fn [[model pending _]] {:model model :pending (mapv (comp op by-id) pending)})
                                                  configs)))}
                     (recur (inc i) kept call))))))))))))
