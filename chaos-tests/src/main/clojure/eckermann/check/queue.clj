(ns eckermann.check.queue
  "A group as a queue: what was enqueued and acknowledged is acknowledged by a member or parked, once; what was acknowledged
  is not leased again; nobody is handed what was never enqueued.")

(defn- last-acks
  "Position -> the first acknowledgement that certainly counted."
  [calls]
  (reduce (fn [acks c]
            (if (and (= :ack (:f c)) (= :ok (:type c)))
              (let [lost (set (:lost (:result c)))]
                (reduce (fn [acks p] (if (lost p) acks (update acks p (fnil conj []) c))) acks (:positions (:result c))))
              acks))
          {} calls))

(defn check
  "Calls of :enqueue, :lease, :ack, :nack and :parked; `final` are the topic's events, [position number]."
  [calls final]
  (let [ok (filter #(= :ok (:type %)) calls)
        acks (last-acks calls)
        parked (into #{} (mapcat :result) (filter #(= :parked (:f %)) ok))
        asked (seq (filter #(= :parked (:f %)) ok))
        maybe (into #{} (comp (filter #(and (= :ack (:f %)) (= :info (:type %)))) (mapcat (comp :positions :value))) calls)
        lost-late (into #{} (comp (filter #(and (= :ack (:f %)))) (mapcat #(if (= :fail (:type %)) (:positions (:value %)) (:lost (:result %))))) calls)
        held (into {} (map (fn [[p n]] [p n])) final)
        unsettled (remove #(or (acks %) (parked %) (maybe %) (lost-late %)) (keys held))
        twice (filter #(< 1 (count (val %))) acks)
        leases (filter #(= :lease (:f %)) ok)
        again (for [l leases
                    [p _ _] (:events (:result l))
                    :let [a (first (acks p))]
                    :when (and a (:end a) (< (:end a) (:start l)))]
                {:position p :acknowledged-at (:end a) :leased-at (:start l) :member (:member (:result l))})
        strange (for [l leases [p n _] (:events (:result l)) :when (not= n (get held p))]
                  {:position p :leased n :is (get held p)})
        two-holders (for [[[p token] ls] (group-by (fn [[l [p _ _]]] [p (:token (:result l))])
                                                   (for [l leases e (:events (:result l))] [l e]))
                          :when (< 1 (count ls))]
                      {:position p :token token :leases (count ls)})]
    {:valid? (and (empty? twice) (empty? again) (empty? strange) (empty? two-holders) (or (not asked) (empty? unsettled)))
     :enqueued (count held) :acknowledged (count acks) :parked (count parked) :unknown (count maybe)
     :never-settled (vec (take 8 (sort unsettled)))
     :acknowledged-twice (vec (take 8 (map first twice)))
     :leased-after-ack (vec (take 8 again))
     :not-enqueued (vec (take 8 strange))
     :one-token-twice (vec (take 8 two-holders))}))
